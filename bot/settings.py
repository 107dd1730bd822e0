"""Settings, from the environment only; `fangzha doctor` shows them."""

from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

from bot.core.errors import FangzhaError

PROJECT = Path(__file__).resolve().parent.parent


class Settings(BaseSettings):
    """What an operator may set. Names in the environment: DATABASE_URL and FANGZHA_<NAME>."""

    model_config = SettingsConfigDict(env_prefix="FANGZHA_", populate_by_name=True)

    database_url: str = Field(default=f"sqlite:///{PROJECT / 'var' / 'fangzha.db'}", alias="DATABASE_URL")
    content: Path = PROJECT / "content"
    desk_rules: Path = PROJECT / "desk.yml"
    examinations: Path = PROJECT / "tests" / "recognition"
    var: Path = PROJECT / "var"
    host: str = "127.0.0.1"
    port: int = 8000
    public_url: str = ""
    oidc_issuer: str = ""
    oidc_client: str = ""
    oidc_secret: SecretStr = SecretStr("")
    inner_port: int = 5055
    engine_port: int = 5005
    engine_python: Path = PROJECT / ".venv-rasa" / "bin" / "python"
    sender_burst: int = 400
    sender_per_second: float = 5.0
    address_burst: int = 3000
    address_per_second: float = 40.0
    timezone: str = "Asia/Shanghai"
    telegram_tokens: SecretStr = SecretStr("")
    telegram_api: str = "https://api.telegram.org"
    redis_url: str = ""
    warnings_per_second: float = Field(default=25.0, gt=0)
    wechat_app_id: str = ""
    wechat_app_secret: SecretStr = SecretStr("")
    wechat_token: SecretStr = SecretStr("")
    wechat_aes_key: SecretStr = SecretStr("")
    wechat_api: str = "https://api.weixin.qq.com"
    log_level: str = "INFO"

    @property
    def zone(self) -> ZoneInfo:
        """Where the bank stands.

        Raises:
            FangzhaError: there is no such time zone.
        """
        try:
            return ZoneInfo(self.timezone)
        except (ZoneInfoNotFoundError, ValueError) as error:
            raise FangzhaError(
                f"FANGZHA_TIMEZONE: {self.timezone!r} is no time zone: write it as Asia/Shanghai"
            ) from error

    @property
    def learned(self) -> Path:
        """Where vectors and models are kept."""
        return self.var / "learned"

    @property
    def media(self) -> Path:
        """Where the bank's own films are kept, by their hash."""
        return self.var / "media"

    @property
    def engine_folder(self) -> Path:
        """Where the dialogue model and the engine's own copy of endpoints.yml are kept."""
        return self.var / "engine"
