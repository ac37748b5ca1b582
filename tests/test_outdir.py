"""The folder that a build writes: ours is replaced, foreign files are never touched."""

from __future__ import annotations

from pathlib import Path

import pytest

from kg.errors import KgError, StoreError
from kg.outdir import OutputFolder, write


def build(folder: OutputFolder, fingerprint: str, **files: str) -> list[str]:
    with folder.locked():
        for name, content in files.items():
            write(folder.staging, name.replace("__", "/"), content.encode())
        return folder.move_in(fingerprint)


def test_a_build_replaces_what_an_earlier_one_wrote(tmp_path: Path) -> None:
    folder = OutputFolder(tmp_path / "out")
    assert build(folder, "1", a="1", deep__b="2") == ["a", "deep/b"]
    assert folder.is_current("1")
    assert not folder.is_current("2")
    assert build(folder, "2", a="3") == ["a"]
    assert (tmp_path / "out" / "a").read_text() == "3"
    assert not (tmp_path / "out" / "deep").exists()


def test_a_folder_with_foreign_files_is_refused(tmp_path: Path) -> None:
    (tmp_path / "thesis.docx").write_text("mine")
    with pytest.raises(KgError, match=r"no build wrote \(thesis\.docx\)"), OutputFolder(tmp_path).locked():
        pass
    assert sorted(path.name for path in tmp_path.iterdir()) == ["thesis.docx"]


def test_a_note_may_lie_in_the_folder_and_stays(tmp_path: Path) -> None:
    (tmp_path / "README.md").write_text("note")
    folder = OutputFolder(tmp_path)
    build(folder, "1", a="1")
    build(folder, "2", b="1")
    assert (tmp_path / "README.md").read_text() == "note"


def test_a_foreign_file_in_the_way_is_not_overwritten(tmp_path: Path) -> None:
    folder = OutputFolder(tmp_path)
    build(folder, "1", a="1")
    (tmp_path / "b").write_text("mine")
    with pytest.raises(KgError, match="in the way"):
        build(folder, "2", b="ours")
    assert (tmp_path / "b").read_text() == "mine"


def test_a_file_that_was_changed_or_lost_makes_the_build_out_of_date(tmp_path: Path) -> None:
    folder = OutputFolder(tmp_path)
    build(folder, "1", a="1", b="2")
    (tmp_path / "b").unlink()
    assert not folder.is_current("1")


def test_a_build_that_breaks_off_leaves_the_last_one_whole(tmp_path: Path) -> None:
    folder = OutputFolder(tmp_path)
    build(folder, "1", a="1")
    with pytest.raises(RuntimeError), folder.locked():
        write(folder.staging, "a", b"half")
        raise RuntimeError
    assert (tmp_path / "a").read_text() == "1"
    assert folder.is_current("1")
    assert build(folder, "2", c="2") == ["c"]
    assert not folder.staging.exists()


def test_two_builds_do_not_write_at_once(tmp_path: Path) -> None:
    with (
        OutputFolder(tmp_path).locked(),
        pytest.raises(StoreError, match="another build"),
        OutputFolder(tmp_path).locked(),
    ):
        pass


def test_a_damaged_manifest_is_named(tmp_path: Path) -> None:
    (tmp_path / ".kg-manifest.json").write_text("{")
    with pytest.raises(KgError, match=r"kg-manifest\.json"), OutputFolder(tmp_path).locked():
        pass


def test_a_manifest_removes_nothing_outside_the_folder(tmp_path: Path) -> None:
    (tmp_path / "precious").write_text("mine")
    out = tmp_path / "out"
    out.mkdir()
    (out / ".kg-manifest.json").write_text('{"fingerprint": "", "files": {"../precious": 4}}')
    build(OutputFolder(out), "1", a="1")
    assert (tmp_path / "precious").exists()
