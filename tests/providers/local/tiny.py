"""Pipelines of a few thousand random weights, built on disk: the real code runs on them in moments, on the CPU.

PyTorch is loaded when one is built, not with this module. Every letter of a prompt is a token.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any


def stable_diffusion(folder: Path, name: str = "tiny", *, seed: int = 0) -> Path:
    """A Stable Diffusion pipeline. Its pictures are random patterns, other ones for each `seed`."""
    import torch
    from diffusers import DDIMScheduler, StableDiffusionPipeline

    torch.set_num_threads(1)  # more of them only wait for each other over such small numbers
    torch.manual_seed(seed)
    scheduler = DDIMScheduler(
        beta_start=0.00085,
        beta_end=0.012,
        beta_schedule="scaled_linear",
        clip_sample=False,
        set_alpha_to_one=False,
        steps_offset=1,
    )
    pipe = StableDiffusionPipeline(
        vae=_vae(),
        text_encoder=clip(),
        tokenizer=tokenizer(),
        unet=_unet(cross_attention_dim=32),
        scheduler=scheduler,
        safety_checker=None,
        feature_extractor=None,
        requires_safety_checker=False,
    )
    pipe.save_pretrained(folder / name)
    return folder / name


def stable_diffusion_xl(folder: Path, name: str = "tiny-xl") -> Path:
    """A Stable Diffusion XL pipeline: two text encoders, and sizes among its conditions."""
    import torch
    from diffusers import EulerDiscreteScheduler, StableDiffusionXLPipeline

    torch.manual_seed(0)
    unet = _unet(
        cross_attention_dim=64,
        attention_head_dim=(2, 4),
        use_linear_projection=True,
        addition_embed_type="text_time",
        addition_time_embed_dim=8,
        transformer_layers_per_block=(1, 1),
        projection_class_embeddings_input_dim=80,
    )
    scheduler = EulerDiscreteScheduler(
        beta_start=0.00085, beta_end=0.012, steps_offset=1, beta_schedule="scaled_linear"
    )
    pipe = StableDiffusionXLPipeline(
        vae=_vae(),
        text_encoder=clip(),
        text_encoder_2=clip(projected=True),
        tokenizer=tokenizer(),
        tokenizer_2=tokenizer(),
        unet=unet,
        scheduler=scheduler,
    )
    pipe.save_pretrained(folder / name)
    return folder / name


def controlnet(folder: Path, pipeline: Path, name: str = "lines") -> None:
    """A ControlNet for a pipeline, whose words are not nothing."""
    import torch
    from diffusers import ControlNetModel, UNet2DConditionModel

    torch.manual_seed(1)
    unet = UNet2DConditionModel.from_pretrained(str(pipeline / "unet"))
    net = ControlNetModel.from_unet(unet, conditioning_embedding_out_channels=(4, 4, 4, 8))
    with torch.no_grad():
        for block in (*net.controlnet_down_blocks, net.controlnet_mid_block):
            torch.nn.init.normal_(block.weight, std=0.5)
        torch.nn.init.normal_(net.controlnet_cond_embedding.conv_out.weight, std=0.5)
    net.save_pretrained(folder / "controlnets" / name)


def ip_adapter(folder: Path, pipeline: Path, name: str = "style") -> None:
    """An IP-Adapter for a pipeline, with its image encoder."""
    import torch
    from diffusers import UNet2DConditionModel
    from safetensors.torch import save_file
    from transformers import CLIPVisionConfig, CLIPVisionModelWithProjection

    torch.manual_seed(3)
    unet = UNet2DConditionModel.from_pretrained(str(pipeline / "unet"))
    words, width = unet.config.cross_attention_dim, 16
    tensors = {
        "image_proj.proj.weight": torch.randn(words * 4, width),
        "image_proj.proj.bias": torch.randn(words * 4),
        "image_proj.norm.weight": torch.ones(words),
        "image_proj.norm.bias": torch.zeros(words),
    }
    crossing = [each for each in unet.attn_processors if each.endswith("attn2.processor")]
    for number, each in enumerate(crossing):
        hidden = unet.get_submodule(each.removesuffix(".processor")).to_q.in_features
        for what in ("k", "v"):
            tensors[f"ip_adapter.{2 * number + 1}.to_{what}_ip.weight"] = torch.randn(hidden, words)
    place = folder / "ip-adapters"
    place.mkdir(exist_ok=True)
    save_file(tensors, place / f"{name}.safetensors")
    config = CLIPVisionConfig(
        hidden_size=16,
        intermediate_size=32,
        projection_dim=width,
        num_hidden_layers=1,
        num_attention_heads=2,
        image_size=224,
        patch_size=56,
    )
    CLIPVisionModelWithProjection(config).save_pretrained(place / "image_encoder")


def lora(folder: Path, pipeline: Path, name: str = "sepia", *, seed: int = 2) -> None:
    """A LoRA for a pipeline's attention, another one for each `seed`."""
    import torch
    from diffusers import StableDiffusionPipeline, UNet2DConditionModel
    from peft import LoraConfig
    from peft.utils import get_peft_model_state_dict

    torch.manual_seed(seed)
    unet = UNet2DConditionModel.from_pretrained(str(pipeline / "unet"))
    unet.add_adapter(
        LoraConfig(r=4, target_modules=["to_q", "to_k", "to_v", "to_out.0"], init_lora_weights=False)
    )
    (folder / "loras").mkdir(exist_ok=True)
    StableDiffusionPipeline.save_lora_weights(
        str(folder / "loras"),
        unet_lora_layers=get_peft_model_state_dict(unet),
        weight_name=f"{name}.safetensors",
    )


def _unet(**more: Any) -> Any:
    from diffusers import UNet2DConditionModel

    return UNet2DConditionModel(
        block_out_channels=(4, 8),
        layers_per_block=1,
        sample_size=8,
        in_channels=4,
        out_channels=4,
        down_block_types=("DownBlock2D", "CrossAttnDownBlock2D"),
        up_block_types=("CrossAttnUpBlock2D", "UpBlock2D"),
        norm_num_groups=2,
        **more,
    )


def _vae() -> Any:
    from diffusers import AutoencoderKL

    return AutoencoderKL(
        block_out_channels=[4, 4, 4, 8],
        in_channels=3,
        out_channels=3,
        latent_channels=4,
        norm_num_groups=2,
        down_block_types=["DownEncoderBlock2D"] * 4,
        up_block_types=["UpDecoderBlock2D"] * 4,
    )


def clip(*, projected: bool = False) -> Any:
    """A text encoder of CLIP."""
    from transformers import CLIPTextConfig, CLIPTextModel, CLIPTextModelWithProjection

    config = CLIPTextConfig(
        bos_token_id=0,
        eos_token_id=2,
        pad_token_id=1,
        vocab_size=1000,
        hidden_size=32,
        intermediate_size=64,
        num_attention_heads=4,
        num_hidden_layers=3,
        projection_dim=32,
    )
    return (CLIPTextModelWithProjection if projected else CLIPTextModel)(config)


def tokenizer() -> Any:
    """A tokenizer to which every letter is a token."""
    from tokenizers.pre_tokenizers import ByteLevel
    from transformers import CLIPTokenizer

    letters = sorted(ByteLevel.alphabet())
    words = ["<|startoftext|>", "<pad>", "<|endoftext|>", *letters, *(letter + "</w>" for letter in letters)]
    vocabulary = {word: number for number, word in enumerate(words)}
    return CLIPTokenizer(vocab=vocabulary, merges=[], model_max_length=77, pad_token="<pad>")
