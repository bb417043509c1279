"""Every identifier that the emulator makes up: its one source of randomness."""

import base64
import datetime
import secrets
import uuid


class Identifiers:
    """Random identifiers in the API's shapes. A test replaces single methods to get known ones."""

    def instance_id(self) -> str:
        return str(uuid.uuid4())

    def job_id(self) -> str:
        return f"JOB-{uuid.uuid4()}"

    def order_id(self, created_at: int) -> str:
        """Time of the order, which precedes the creation by seconds, then six digits (seed: 5.125 s before
        `createdAt`)."""
        ordered = datetime.datetime.fromtimestamp((created_at - 5125) / 1000, tz=datetime.timezone.utc)
        return f"{ordered:%Y%m%d%H%M%S}{ordered.microsecond // 1000:03d}{secrets.randbelow(10**6):06d}"

    def request_id(self) -> str:
        return uuid.uuid4().hex

    def token(self) -> str:
        """An IAM token: well over 1,000 characters of Base64, beginning as a PKCS#7 structure does."""
        return "MII" + base64.urlsafe_b64encode(secrets.token_bytes(900)).decode("ascii")
