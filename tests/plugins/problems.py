"""What every error must look like."""

from __future__ import annotations

import httpx

from easel.core.http.problems import Problem


def problem_of(answer: httpx.Response, status: int, code: str) -> Problem:
    """The problem document of `answer`, checked for its form, its status and its name."""
    assert answer.status_code == status, f"{answer.status_code} {answer.text[:500]}"
    assert answer.headers["content-type"] == "application/problem+json"
    body = answer.json()
    problem = Problem.model_validate(body, strict=True)
    assert set(body) >= set(Problem.model_fields)
    assert (problem.status, problem.code, problem.type) == (status, code, f"/docs/errors#{code}")
    assert problem.title
    assert problem.detail
    assert problem.request_id == answer.headers["x-request-id"]
    assert answer.headers["x-content-type-options"] == "nosniff"
    return problem
