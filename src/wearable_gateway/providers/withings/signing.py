"""How does an app prove itself in calls that carry no token?

https://developer.withings.com/developer-guide/v3/get-access/sign-your-requests
"""

import hashlib
import hmac
from collections.abc import Mapping


def signed(form: Mapping[str, str], secret: str) -> dict[str, str]:
    """`form` with its signature: over the values of these fields alone, in the order of their names."""
    values = [form[name] for name in ("action", "client_id", "nonce", "timestamp") if name in form]
    digest = hmac.new(secret.encode(), ",".join(values).encode(), hashlib.sha256).hexdigest()
    return {**form, "signature": digest}
