"""Answers that end users' browsers get: what holds for each of them."""

from urllib.parse import parse_qsl, urlsplit

import httpx


def page(answer: httpx.Response, status: int = 200, text: str = "") -> str:
    """Check that a browser can show `answer`, and that it is careful with it; its text."""
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert answer.text.startswith("<!doctype html>")
    assert answer.text.rstrip().endswith("</html>")
    assert "Traceback" not in answer.text
    assert " style=" not in answer.text
    assert "<style" not in answer.text
    careful(answer)
    assert text in plain(answer), plain(answer)
    return answer.text


def plain(answer: httpx.Response) -> str:
    """The text without the marks that keep names apart from the sentences around them."""
    return answer.text.replace("<bdi>", "").replace("</bdi>", "")


def careful(answer: httpx.Response) -> None:
    assert "default-src 'self'" in answer.headers["content-security-policy"]
    assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]
    assert answer.headers["x-frame-options"] == "DENY"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["terra-reference"]


def redirected(answer: httpx.Response, to: str) -> dict[str, str]:
    """Check that `answer` sends the browser on to `to`; the parameters it takes along."""
    assert answer.status_code == 303, answer.text
    careful(answer)
    parts = urlsplit(answer.headers["location"])
    assert f"{parts.scheme}://{parts.netloc}{parts.path}" == to
    pairs = parse_qsl(parts.query, keep_blank_values=True, strict_parsing=True)
    assert len(dict(pairs)) == len(pairs)
    return dict(pairs)
