import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from wearable_gateway.db.embedded import Cluster


@pytest.fixture(scope="session")
def pristine(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A cluster that was made once and stopped; tests copy it, which is quicker than making their own."""
    data_dir = tmp_path_factory.mktemp("pristine")
    with Cluster(data_dir, durable=False) as cluster:
        cluster.ensure_database()
    return data_dir


@pytest.fixture
def data_dir(pristine: Path, tmp_path: Path) -> Path:
    return shutil.copytree(pristine, tmp_path / "data")


@pytest.fixture
def open_dir() -> Iterator[Path]:
    """A folder any user may enter, unlike pytest's own below a private parent."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        yield Path(folder)
