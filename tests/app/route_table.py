"""Who may call which route: one line for each operation of the API, walked by `test_route_walk`.

A new route gets a line at the end of `ROUTES`, under its operation id: who may call it, and what a good request
to it holds. `row` names the maker of the team's thing that `{id}` stands for; the makers are in `route_rows`.
`path` fills in other parts of the address; there and in a body `{team}` is the team's id, `{editor_user}` its
editor's (and so on), `{n}` a fresh number, and the name of any other maker a thing that it made.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

OK = 200
"""Any answer of success or redirection; a line's `ok` names the status where a good request has another end."""


@dataclass(frozen=True)
class Who:
    """What a route answers to each: the status, or `OK`.

    The team and what it owns are the viewer's, the editor's and the admin's, who act in it. The stranger has a
    workspace of their own and is no member; no more is the operator, who administers the studio.
    """

    anonymous: int
    stranger: int
    viewer: int
    editor: int
    admin: int
    operator: int


@dataclass(frozen=True)
class Line:
    """One route: who may call it, and a request that is good."""

    who: Who
    row: str | None = None
    path: dict[str, str] = field(default_factory=dict)
    query: str = ""
    body: dict[str, Any] | None = None
    headers: dict[str, str] = field(default_factory=dict)
    content: bytes | None = None
    ok: int = OK
    names_workspaces: bool = False
    """Whether the studio's administrators see by it which workspaces there are; never what is in them."""


OPEN = Who(OK, OK, OK, OK, OK, OK)
"""For everyone."""
PERSONAL = Who(401, OK, OK, OK, OK, OK)
"""For whoever is signed in, about themselves."""
OWN_ROW = Who(401, 404, 404, 404, OK, 404)
"""For the one person whose row it is, here the team's admin; all others find nothing."""
OWN_ROW_CHANGED = Who(401, 404, 403, 404, OK, 404)
"""The same, for levels from edit on."""
READS = Who(401, OK, OK, OK, OK, OK)
"""Shows what is in the acting workspace: each sees their own."""
READS_ROW = Who(401, 404, OK, OK, OK, 404)
"""Shows one thing of the team."""
CHANGES = Who(401, OK, 403, OK, OK, OK)
"""Makes something in the acting workspace, for levels from edit on."""
CHANGES_ROW = Who(401, 404, 403, OK, OK, 404)
"""Changes one thing of the team."""
LEADS = Who(401, 404, 403, 403, OK, 404)
"""Changes the team itself or its people."""
ADMINISTERS = Who(401, 403, 403, 403, 403, OK)
"""For the studio's administrators alone."""


_CLEANUP = {"enabled": True, "older_than_days": 3650, "filter": {"rated": False}}
_TUS = {"Tus-Resumable": "1.0.0"}
_PROMPT = {"prompt": "a red fox"}
_COMPARISON = {"varies": "prompt", "values": ["a red fox", "a blue fox"], "request": {}}
_PRESET = {"name": "Preset {n}", "settings": {"aspect_ratio": "1:1"}}
_LOG_IN = {"email": "nobody@example.com", "password": "a good long password"}
_REGISTER = {"email": "{n}@example.com", "password": "a good long password", "name": "New"}
_PASSWORDS = {"current_password": "not there", "new_password": "a good long password"}

_RESET = {"user_id": "{admin_user}", "token": "none", "new_password": "a good long password"}

ROUTES: dict[str, Line] = {
    "healthz": Line(OPEN),
    "readyz": Line(OPEN),
    "metrics": Line(Who(403, 403, 403, 403, 403, 403)),
    "register": Line(OPEN, body=_REGISTER),
    "login": Line(OPEN, body=_LOG_IN, ok=401),
    "refresh_token": Line(OPEN, body={"refresh_token": "none"}, ok=401),
    "logout": Line(PERSONAL),
    "verify_token": Line(PERSONAL),
    "me": Line(PERSONAL),
    "update_profile": Line(PERSONAL, body={"name": "Another"}),
    "change_password": Line(PERSONAL, body=_PASSWORDS, ok=422),
    "list_sessions": Line(PERSONAL),
    "end_other_sessions": Line(PERSONAL),
    "end_session": Line(OWN_ROW, row="session"),
    "list_sign_in_methods": Line(OPEN),
    "begin_provider_sign_in": Line(OPEN, path={"provider": "github"}, ok=404),
    "end_provider_sign_in": Line(OPEN, path={"provider": "github"}, ok=404),
    "list_identities": Line(PERSONAL),
    "link_identity": Line(PERSONAL, body={"provider": "github"}, ok=404),
    "unlink_identity": Line(OWN_ROW, row="identity"),
    "list_my_audit": Line(PERSONAL),
    "list_audit": Line(ADMINISTERS),
    "stream_events": Line(READS),
    "list_models": Line(OPEN),
    "list_featured_models": Line(OPEN),
    "list_model_categories": Line(OPEN),
    "get_model": Line(OPEN, path={"id": "painter/fast"}),
    "list_styles": Line(OPEN),
    "list_images": Line(READS),
    "image_facets": Line(READS),
    "image_months": Line(READS),
    "list_trash": Line(READS),
    "export_metadata": Line(READS, body={"filter": {}}),
    "empty_trash": Line(CHANGES),
    "storage_use": Line(READS),
    "lay_out_images": Line(READS),
    "image_tags": Line(READS),
    "list_saved_filters": Line(READS),
    "save_filter": Line(CHANGES, body={"name": "filter {n}", "filter": {"favorite": True}}),
    "forget_filter": Line(CHANGES_ROW, row="saved_filter"),
    "bulk_move": Line(CHANGES, body={"ids": ["{image}"], "project_id": None}),
    "bulk_tag": Line(CHANGES, body={"ids": ["{image}"], "add": ["tag"]}),
    "bulk_favorite": Line(CHANGES, body={"ids": ["{image}"], "favorite": True}),
    "bulk_delete": Line(CHANGES, body={"ids": ["{image}"]}),
    "bulk_restore": Line(CHANGES, body={"ids": ["{image}"]}),
    "undo_bulk": Line(CHANGES_ROW, row="bulk_change"),
    "get_image": Line(READS_ROW, row="image"),
    "get_image_metadata": Line(READS_ROW, row="image"),
    "related_images": Line(READS_ROW, row="image"),
    "change_image": Line(CHANGES_ROW, row="image", body={"title": "A title"}),
    "favorite_image": Line(CHANGES_ROW, row="image"),
    "show_image": Line(CHANGES_ROW, row="image"),
    "rate_image": Line(CHANGES_ROW, row="image", body={"rating": 4}),
    "get_image_file": Line(READS_ROW, row="image"),
    "get_image_thumbnail": Line(READS_ROW, row="image", path={"width": "256"}),
    "download_image": Line(READS_ROW, row="image"),
    "delete_image": Line(CHANGES_ROW, row="image"),
    "restore_image": Line(CHANGES_ROW, row="image"),
    "generate_image": Line(CHANGES, body=_PROMPT),
    "text_to_image": Line(CHANGES, body=_PROMPT),
    "generate_batch": Line(CHANGES, body={"requests": [_PROMPT]}),
    "list_queue": Line(READS),
    "list_history": Line(READS),
    "get_generation": Line(READS_ROW, row="generation"),
    "get_preview": Line(READS_ROW, row="previewed_generation", path={"number": "1"}),
    "cancel_generation": Line(CHANGES_ROW, row="generation"),
    "retry_generation": Line(CHANGES_ROW, row="failed_generation"),
    "list_image_providers": Line(PERSONAL),
    "check_image_provider": Line(PERSONAL, path={"provider": "painter"}, ok=404),
    "list_provider_keys": Line(PERSONAL),
    "set_provider_key": Line(PERSONAL, body={"provider": "painter", "key": None}, ok=404),
    "list_outbox": Line(ADMINISTERS),
    "get_outbox_mail": Line(ADMINISTERS, row="mail"),
    "list_teams": Line(PERSONAL),
    "create_team": Line(PERSONAL, body={"name": "Another team"}),
    "get_team": Line(READS_ROW, row="team"),
    "update_team": Line(LEADS, row="team", body={"name": "Renamed"}),
    "delete_team": Line(LEADS, row="team", body={"name": "not its name"}, ok=422),
    "transfer_team": Line(LEADS, row="team", body={"user_id": "{admin_user}"}),
    "list_members": Line(READS_ROW, row="team"),
    "set_member_level": Line(LEADS, row="team", path={"user_id": "{editor_user}"}, body={"level": "edit"}),
    "remove_member": Line(LEADS, row="team", path={"user_id": "{admin_user}"}, ok=409),
    "leave_team": Line(Who(401, 404, OK, OK, 409, 404), row="other_team"),
    "list_team_audit": Line(LEADS, row="team"),
    "list_invitations": Line(LEADS, row="team"),
    "invite_member": Line(LEADS, row="team", body={"email": "{n}@example.com", "level": "view"}),
    "revoke_invitation": Line(LEADS, row="team", path={"invitation_id": "{invitation}"}),
    "preview_invitation": Line(OPEN, body={"token": "none"}, ok=404),
    "accept_invitation": Line(PERSONAL, body={"token": "none"}, ok=404),
    "list_api_keys": Line(PERSONAL),
    "create_api_key": Line(PERSONAL, body={"name": "Program", "scopes": ["read"]}),
    "revoke_api_key": Line(OWN_ROW, row="api_key"),
    "sign_in_options": Line(OPEN),
    "verify_email": Line(OPEN, body={"user_id": "{admin_user}", "token": "none"}, ok=400),
    "verify_email_by_link": Line(OPEN, path={"user_id": "{admin_user}", "token": "none"}),
    "resend_verification": Line(OPEN, body={"email": "nobody@example.com"}),
    "forgot_password": Line(OPEN, body={"email": "nobody@example.com"}),
    "reset_password": Line(OPEN, body=_RESET, ok=400),
    "second_factor": Line(PERSONAL),
    "set_up_second_factor": Line(PERSONAL, body={}),
    "enable_second_factor": Line(PERSONAL, body={"code": "000000"}, ok=422),
    "disable_second_factor": Line(PERSONAL, body={"code": "000000"}, ok=409),
    "renew_recovery_codes": Line(PERSONAL, body={}, ok=409),
    "login_by_code": Line(OPEN, body={"challenge": "none", "code": "000000"}, ok=401),
    "passkey_factor_options": Line(OPEN, body={"challenge": "none"}, ok=400),
    "login_by_passkey_factor": Line(OPEN, body={"challenge": "none", "credential": {}}, ok=400),
    "list_passkeys": Line(PERSONAL),
    "passkey_registration_options": Line(PERSONAL, body={}, ok=400),
    "register_passkey": Line(PERSONAL, body={"name": "Key", "credential": {}}, ok=400),
    "passkey_login_options": Line(OPEN, ok=400),
    "login_by_passkey": Line(OPEN, body={"credential": {}}, ok=400),
    "rename_passkey": Line(OWN_ROW, row="passkey", body={"name": "Another"}),
    "remove_passkey": Line(OWN_ROW, row="passkey"),
    "set_avatar": Line(PERSONAL, content=b"nothing", ok=415),
    "remove_avatar": Line(PERSONAL),
    "get_avatar": Line(PERSONAL, row="person_with_avatar"),
    "get_balance": Line(READS),
    "list_credits": Line(READS),
    "get_limits": Line(READS),
    "put_limits": Line(Who(401, OK, 403, 403, OK, OK), body={"monthly_credits": None}),
    "usage_stats": Line(READS),
    "usage_daily": Line(READS),
    "usage_monthly": Line(READS),
    "usage_by_model": Line(READS),
    "usage_by_action": Line(READS),
    "usage_by_project": Line(READS),
    "list_model_stats": Line(READS),
    "get_model_stats": Line(READS, path={"id": "painter/fast"}),
    "toggle_model": Line(ADMINISTERS, path={"id": "painter/fast"}, body={"active": True}),
    "change_model": Line(ADMINISTERS, path={"id": "painter/fast"}, body={"featured": None}),
    "usage_tips": Line(READS),
    "estimate_generation": Line(READS, body=_PROMPT),
    "get_balance_of": Line(ADMINISTERS, path={"workspace_id": "{team}"}),
    "find_purses": Line(ADMINISTERS, names_workspaces=True),
    "list_adjustments": Line(ADMINISTERS, names_workspaces=True),
    "list_credits_of": Line(ADMINISTERS, path={"workspace_id": "{team}"}),
    "adjust_credits": Line(
        ADMINISTERS, path={"workspace_id": "{team}"}, body={"amount": 1, "reason": "Gift"}, ok=409
    ),
    "list_jobs": Line(READS),
    "get_job": Line(OWN_ROW, row="job"),
    "user_stats": Line(READS),
    "export_account": Line(PERSONAL),
    "import_account": Line(CHANGES, content=b"nothing", ok=415),
    "get_profile": Line(PERSONAL),
    "set_profile": Line(PERSONAL, body={"name": "Another"}),
    "delete_account": Line(PERSONAL, body={}),
    "restore_account": Line(OPEN, body=_LOG_IN, ok=401),
    "list_presets": Line(READS),
    "create_preset": Line(CHANGES, body=_PRESET),
    "update_preset": Line(CHANGES_ROW, row="preset", body=_PRESET),
    "delete_preset": Line(CHANGES_ROW, row="preset"),
    "list_projects": Line(READS),
    "create_project": Line(CHANGES, body={"name": "Project {n}"}),
    "list_project_templates": Line(READS),
    "create_project_template": Line(CHANGES_ROW, body={"project_id": "{project}"}),
    "get_project": Line(READS_ROW, row="project"),
    "update_project": Line(CHANGES_ROW, row="project", body={"notes": "Another"}),
    "delete_project": Line(CHANGES_ROW, row="project"),
    "archive_project": Line(CHANGES_ROW, row="project"),
    "duplicate_project": Line(CHANGES_ROW, row="project", body={"images": True}),
    "list_project_images": Line(READS_ROW, row="project"),
    "add_project_images": Line(CHANGES_ROW, row="project", body={"ids": ["{image}"]}),
    "remove_project_image": Line(CHANGES_ROW, row="project", path={"image_id": "{image}"}, ok=404),
    "project_analytics": Line(READS_ROW, row="project"),
    "upload_images": Line(CHANGES, content=b"nothing", ok=415),
    "known_uploads": Line(READS, body={"hashes": ["0" * 64]}),
    "begin_upload": Line(CHANGES, headers={**_TUS, "Upload-Length": "5"}),
    "get_upload": Line(OWN_ROW_CHANGED, row="upload"),
    "continue_upload": Line(
        OWN_ROW_CHANGED,
        row="upload",
        headers={**_TUS, "Upload-Offset": "0", "Content-Type": "application/offset+octet-stream"},
        content=b"12",
    ),
    "end_upload": Line(OWN_ROW_CHANGED, row="upload", headers=_TUS),
    "list_collections": Line(READS),
    "create_collection": Line(CHANGES, body={"name": "Collection {n}"}),
    "get_collection": Line(READS_ROW, row="collection"),
    "update_collection": Line(CHANGES_ROW, row="collection", body={"description": "Another"}),
    "delete_collection": Line(CHANGES_ROW, row="collection"),
    "list_collection_images": Line(READS_ROW, row="collection"),
    "add_collection_images": Line(CHANGES_ROW, row="collection", body={"ids": ["{image}"]}),
    "remove_collection_images": Line(CHANGES_ROW, row="collection", body={"ids": ["{image}"]}),
    "remove_collection_image": Line(CHANGES_ROW, row="collection", path={"image_id": "{image}"}, ok=404),
    "reorder_collection": Line(CHANGES_ROW, row="collection", body={"ids": ["{image}"]}),
    "export_images": Line(READS, body={"filter": {"q": "nothing"}}, ok=422),
    "export_project": Line(READS_ROW, row="project", ok=422),
    "export_collection": Line(READS_ROW, row="collection", ok=422),
    "get_export": Line(OWN_ROW, row="export"),
    "download_export": Line(OWN_ROW, row="export"),
    "hear_provider": Line(
        OPEN, path={"provider": "fal", "generation_id": "{generation}"}, content=b"{}", ok=404
    ),
    "vary_image": Line(CHANGES_ROW, row="image", body={}),
    "remix_image": Line(CHANGES_ROW, row="image", body=_PROMPT),
    "image_to_image": Line(Who(401, 422, 403, OK, OK, 422), body={**_PROMPT, "image_id": "{image}"}, ok=409),
    "inpaint_image": Line(CHANGES_ROW, row="image", body={**_PROMPT, "mask": "{image}"}, ok=409),
    "outpaint_image": Line(CHANGES_ROW, row="image", body={"left": 8}, ok=409),
    "upscale_image": Line(CHANGES_ROW, row="image", body={"scale": 2}, ok=409),
    "remove_background": Line(CHANGES_ROW, row="image", body={}, ok=409),
    "edit_image": Line(
        CHANGES_ROW, row="image", body={"steps": [{"op": "flip", "axis": "vertical"}]}, ok=409
    ),
    "estimate_iteration": Line(READS_ROW, row="image", body={"operation": "variation"}),
    "estimate_replay": Line(READS_ROW, row="image", body={"prompt": "a grey wolf"}),
    "replay_branch": Line(CHANGES_ROW, row="image", body={"prompt": "a grey wolf"}),
    "get_replay": Line(Who(401, 404, 404, 404, 404, 404), path={"id": "{image}"}, ok=404),
    "stop_replay": Line(Who(401, 404, 403, 404, 404, 404), path={"id": "{image}"}, ok=404),
    "get_image_tree": Line(READS_ROW, row="image"),
    "list_versions": Line(READS_ROW, row="image"),
    "restore_version": Line(CHANGES_ROW, row="image", path={"version_id": "{image}"}, ok=404),
    "delete_version": Line(CHANGES_ROW, row="image", path={"version_id": "{image}"}, ok=404),
    "get_version_file": Line(READS_ROW, row="image", path={"version_id": "{image}"}, ok=404),
    "list_masks": Line(READS_ROW, row="image"),
    "get_mask": Line(READS_ROW, row="mask"),
    "list_comparisons": Line(READS),
    "create_comparisons": Line(CHANGES, body=_COMPARISON),
    "estimate_comparisons": Line(READS, body=_COMPARISON),
    "comparison_stats": Line(READS),
    "get_comparison": Line(READS_ROW, row="comparison"),
    "vote_comparison": Line(CHANGES_ROW, row="comparison", body={"vote": "tie"}, ok=409),
    "delete_comparison": Line(CHANGES_ROW, row="comparison"),
    "get_comparison_picture": Line(READS_ROW, row="comparison", path={"place": "left"}, ok=409),
    "list_duplicates": Line(READS),
    "dismiss_duplicates": Line(Who(401, 404, 403, OK, OK, 404), body={"ids": ["{image}", "{other_image}"]}),
    "restore_duplicates": Line(CHANGES),
    "get_cleanup": Line(READS),
    "update_cleanup": Line(CHANGES, body=_CLEANUP),
    "try_cleanup": Line(CHANGES, body=_CLEANUP),
}
