"""How does the vendor know a value again that it gave to a browser?"""

import hmac
import re


class Seals:
    def __init__(self, key: str) -> None:
        self._key = key.encode()

    def seal(self, purpose: str, value: str) -> str:
        return hmac.digest(self._key, f"{purpose}\n{value}".encode(), "sha256").hex()

    def fits(self, purpose: str, value: str, seal: str) -> bool:
        # compare_digest refuses text beyond ASCII, which a browser may well send.
        return hmac.compare_digest(self.seal(purpose, value).encode(), seal.encode())

    def seal_until(self, purpose: str, value: str, *, expires_at: int) -> str:
        return f"{expires_at}.{self.seal(f'{purpose} until {expires_at}', value)}"

    def fits_at(self, purpose: str, value: str, seal: str, *, now: float) -> bool:
        expires_at, _, rest = seal.partition(".")
        if not re.fullmatch(r"[0-9]{1,12}", expires_at) or int(expires_at) < now:
            return False
        return self.fits(f"{purpose} until {expires_at}", value, rest)
