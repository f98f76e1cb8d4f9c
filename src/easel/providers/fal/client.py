"""fal's own client, opened late: it and what it needs are not loaded before the first call."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import httpx

if TYPE_CHECKING:
    from fal_client import AsyncClient

REST = "https://rest.fal.ai"
"""Where fal publishes the keys of its webhooks, among other things."""
SUBMIT_SECONDS = 60.0


def open_client(key: str, url: str | None) -> AsyncClient:
    """A client with a key; at `url`, where one is given, instead of fal's own addresses.

    The client's addresses and its retries are variables of its module, so they are the same for the whole
    process. Retries are off: it would send a submission again whose answer got lost, and pay twice.
    """
    import fal_client.client as sdk

    sdk.MAX_ATTEMPTS = 1
    if url is not None:
        sdk.QUEUE_URL_FORMAT = f"{url}/queue/"
        sdk.RUN_URL_FORMAT = f"{url}/run/"
        sdk.REST_URL = sdk.CDN_URL = url
    return sdk.AsyncClient(key=key, default_timeout=SUBMIT_SECONDS)


async def close_client(client: AsyncClient) -> None:
    """Let a client's connections go; it has no way of its own."""
    http: httpx.AsyncClient = await client._client
    await http.aclose()


def http_error() -> Any:
    """The error that the client raises for an answer that is none of the 2xx."""
    from fal_client.client import FalClientHTTPError

    return FalClientHTTPError
