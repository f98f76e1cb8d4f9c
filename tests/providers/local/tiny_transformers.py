"""Tiny pipelines of the transformer families, as `tiny` builds those with a UNet."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from .tiny import clip, tokenizer


def stable_diffusion_3(folder: Path, name: str = "tiny-3-turbo") -> Path:
    """A Stable Diffusion 3 pipeline with its two CLIP encoders and, as many have it, without T5."""
    import torch
    from diffusers import FlowMatchEulerDiscreteScheduler, SD3Transformer2DModel, StableDiffusion3Pipeline

    torch.manual_seed(0)
    transformer = SD3Transformer2DModel(
        sample_size=8,
        patch_size=1,
        in_channels=16,
        num_layers=1,
        attention_head_dim=8,
        num_attention_heads=4,
        joint_attention_dim=32,
        caption_projection_dim=32,
        pooled_projection_dim=64,
        out_channels=16,
        pos_embed_max_size=96,
    )
    pipe = StableDiffusion3Pipeline(
        transformer=transformer,
        scheduler=FlowMatchEulerDiscreteScheduler(),
        vae=_vae(latents=16),
        text_encoder=clip(projected=True),
        tokenizer=tokenizer(),
        text_encoder_2=clip(projected=True),
        tokenizer_2=tokenizer(),
        text_encoder_3=None,
        tokenizer_3=None,
    )
    pipe.save_pretrained(folder / name)
    return folder / name


def flux(folder: Path, name: str = "tiny-flux-schnell") -> Path:
    """A FLUX pipeline: CLIP for the whole of a prompt, T5 for its words."""
    import torch
    from diffusers import FlowMatchEulerDiscreteScheduler, FluxPipeline, FluxTransformer2DModel

    torch.manual_seed(0)
    transformer = FluxTransformer2DModel(
        patch_size=1,
        in_channels=4,
        num_layers=1,
        num_single_layers=1,
        attention_head_dim=16,
        num_attention_heads=2,
        joint_attention_dim=32,
        pooled_projection_dim=32,
        axes_dims_rope=(4, 4, 8),
    )
    pipe = FluxPipeline(
        scheduler=FlowMatchEulerDiscreteScheduler(),
        vae=_vae(latents=1),
        text_encoder=clip(),
        tokenizer=tokenizer(),
        text_encoder_2=_t5(),
        tokenizer_2=_t5_tokenizer(),
        transformer=transformer,
    )
    pipe.save_pretrained(folder / name)
    return folder / name


def _vae(*, latents: int) -> Any:
    from diffusers import AutoencoderKL

    return AutoencoderKL(
        block_out_channels=[4, 4, 4, 8],
        in_channels=3,
        out_channels=3,
        latent_channels=latents,
        norm_num_groups=2,
        down_block_types=["DownEncoderBlock2D"] * 4,
        up_block_types=["UpDecoderBlock2D"] * 4,
        use_quant_conv=False,
        use_post_quant_conv=False,
        shift_factor=0.06,
        scaling_factor=1.5,
    )


def _t5() -> Any:
    from transformers import T5Config, T5EncoderModel

    return T5EncoderModel(T5Config(vocab_size=128, d_model=32, d_kv=8, d_ff=37, num_layers=1, num_heads=4))


def _t5_tokenizer() -> Any:
    from transformers import T5TokenizerFast

    letters = [(chr(code), -3.0) for code in range(ord("!"), ord("~"))]
    words = [("<pad>", 0.0), ("</s>", 0.0), ("<unk>", 0.0), ("\N{LOWER ONE EIGHTH BLOCK}", -2.0), *letters]
    return T5TokenizerFast(vocab=words, extra_ids=0)
