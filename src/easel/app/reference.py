"""The API reference: pages of plain HTML without any script, made from the OpenAPI document and the errors."""

from __future__ import annotations

import json
from collections.abc import Iterator
from html import escape
from typing import Any

from easel.base.errors import EaselError

STYLE = """
:root { color-scheme: light dark; --line: #8884; --soft: #8881; --accent: #7c3aed; }
@media (prefers-color-scheme: dark) { :root { --accent: #a78bfa; } body { background: #0f172a; color: #f9fafb; } }
body { font: 16px/1.6 Inter, system-ui, sans-serif; margin: 0 auto; padding: 2rem 1rem 6rem; max-width: 60rem; }
h1 { margin-bottom: 0; } h2 { margin-top: 3rem; border-bottom: 1px solid var(--line); }
details { border: 1px solid var(--line); border-radius: .75rem; margin: .5rem 0; padding: .5rem 1rem; }
summary { cursor: pointer; } code, pre { font: 14px/1.5 "JetBrains Mono", ui-monospace, monospace; }
pre { background: var(--soft); border-radius: .5rem; padding: .75rem; overflow-x: auto; }
table { border-collapse: collapse; width: 100%; } td, th { text-align: left; padding: .25rem .75rem .25rem 0;
vertical-align: top; border-bottom: 1px solid var(--line); } .method { color: var(--accent); font-weight: 700;
display: inline-block; min-width: 4.5rem; } a { color: var(--accent); } .wrap { overflow-x: auto; }
"""


def reference_page(document: dict[str, Any]) -> str:
    """HTML of an OpenAPI 3.1 document."""
    info = document["info"]
    groups: dict[str, list[str]] = {}
    for path, item in document["paths"].items():
        for method, operation in item.items():
            tag = (operation.get("tags") or ["other"])[0]
            groups.setdefault(tag, []).append(_operation(method, path, operation))
    body = "".join(
        f"<h2 id='{escape(tag)}'>{escape(tag)}</h2>{''.join(parts)}" for tag, parts in groups.items()
    )
    schemas = "".join(
        f"<details id='schema-{escape(name)}'><summary><code>{escape(name)}</code> — "
        f"{escape(_first_line(schema.get('description', '')))}</summary>{_fields(schema)}</details>"
        for name, schema in sorted(document.get("components", {}).get("schemas", {}).items())
    )
    links = " · ".join(f"<a href='#{escape(tag)}'>{escape(tag)}</a>" for tag in [*groups, "records"])
    paragraphs = "".join(
        f"<p>{_marked(part)}</p>" for part in info["description"].replace("**", "").strip().split("\n")
    )
    return (
        f"<!doctype html><html lang='en'><head><meta charset='utf-8'><title>{escape(info['title'])} API</title>"
        "<meta name='viewport' content='width=device-width, initial-scale=1'><link rel='icon' href='/icon.svg'>"
        f"<style>{STYLE}</style></head><body><main><h1>{escape(info['title'])} API</h1>"
        f"<p>Version {escape(info['version'])}. The same as a document for programs: "
        f"<a href='/openapi.json'>/openapi.json</a>. <a href='/docs/errors'>Errors</a>. "
        f"<a href='/app'>To the studio</a>.</p>{paragraphs}"
        f"<nav>{links}</nav>{body}<h2 id='records'>records</h2>{schemas}</main></body></html>"
    )


def errors_page() -> str:
    """HTML that explains every error this process can answer; the `type` of a problem document leads here."""
    rows = "".join(
        f"<tr id='{escape(kind.code)}'><td><code>{escape(kind.code)}</code></td><td>{kind.status}</td>"
        f"<td>{_marked(kind.title())}</td></tr>"
        for kind in sorted(_errors(EaselError), key=lambda kind: kind.code)
    )
    return (
        "<!doctype html><html lang='en'><head><meta charset='utf-8'><title>Easel errors</title>"
        "<meta name='viewport' content='width=device-width, initial-scale=1'><link rel='icon' href='/icon.svg'>"
        f"<style>{STYLE}</style></head><body><main><h1>Errors</h1><p>The <code>code</code> of a problem "
        "document and what it means. <a href='/docs'>To the API reference</a>.</p><div class='wrap'>"
        f"<table><tbody>{rows}</tbody></table></div></main></body></html>"
    )


def _errors(base: type[EaselError]) -> Iterator[type[EaselError]]:
    for kind in base.__subclasses__():
        if kind.__module__.startswith("easel."):
            yield kind
        yield from _errors(kind)


def _operation(method: str, path: str, operation: dict[str, Any]) -> str:
    parameters = "".join(
        f"<tr><td><code>{escape(p['name'])}</code></td><td>{escape(p['in'])}"
        f"{', required' if p.get('required') else ''}</td><td>{_type(p.get('schema', {}))}</td>"
        f"<td>{_marked(p.get('description', ''))}</td></tr>"
        for p in operation.get("parameters", [])
    )
    if parameters:
        parameters = f"<div class='wrap'><table><tbody>{parameters}</tbody></table></div>"
    sent = operation.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema")
    answers = "".join(
        f"<tr><td><code>{escape(status)}</code></td><td>{_marked(answer.get('description', ''))}</td>"
        f"<td>{'<br>'.join(_type(content.get('schema', {})) for content in answer.get('content', {}).values())}"
        "</td></tr>"
        for status, answer in operation["responses"].items()
    )
    return (
        f"<details id='{escape(operation.get('operationId', path))}'><summary><code><span class='method'>"
        f"{escape(method.upper())}</span>{escape(path)}</code></summary>"
        f"<p>{_marked(operation.get('description', operation.get('summary', '')))}</p>{parameters}"
        f"{f'<p>Body: {_type(sent)}</p>' if sent else ''}"
        f"<div class='wrap'><table><tbody>{answers}</tbody></table></div></details>"
    )


def _fields(schema: dict[str, Any]) -> str:
    required = schema.get("required", [])
    rows = "".join(
        f"<tr><td><code>{escape(name)}</code>{'' if name in required else ' (optional)'}</td>"
        f"<td>{_type(field)}</td><td>{_marked(field.get('description', ''))}</td></tr>"
        for name, field in schema.get("properties", {}).items()
    )
    if not rows:
        return f"<pre>{escape(json.dumps(schema, indent=2))}</pre>"
    return f"<div class='wrap'><table><tbody>{rows}</tbody></table></div>"


def _type(schema: dict[str, Any]) -> str:
    if "$ref" in schema:
        name = schema["$ref"].rsplit("/", 1)[-1]
        return f"<a href='#schema-{escape(name)}'>{escape(name)}</a>"
    for join in ("anyOf", "oneOf", "allOf"):
        if join in schema:
            return " or ".join(_type(part) for part in schema[join])
    if "enum" in schema or "const" in schema:
        return " | ".join(escape(json.dumps(value)) for value in schema.get("enum", [schema.get("const")]))
    if schema.get("type") == "array":
        return f"list of {_type(schema.get('items', {}))}"
    words = [str(schema.get("format") or schema.get("type") or "")]
    bounds = (("minimum", "≥"), ("maximum", "≤"), ("minLength", "length ≥"), ("maxLength", "length ≤"))
    words += [f"{sign} {schema[name]}" for name, sign in bounds if name in schema]
    return escape(", ".join(word for word in words if word))


def _marked(text: str) -> str:
    """Escaped text with `code` between backquotes."""
    parts = escape(text).split("`")
    return "".join(f"<code>{part}</code>" if i % 2 else part for i, part in enumerate(parts))


def _first_line(text: str) -> str:
    return text.strip().split("\n", 1)[0]
