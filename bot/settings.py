"""Settings, from the environment only; `fangzha doctor` shows them."""

from pathlib import Path

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

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
    log_level: str = "INFO"

    @property
    def learned(self) -> Path:
        """Where vectors and models are kept."""
        return self.var / "learned"

    @property
    def engine_folder(self) -> Path:
        """Where the dialogue model and the engine's own copy of endpoints.yml are kept."""
        return self.var / "engine"
