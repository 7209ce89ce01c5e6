"""Curves of a run, as picture and as page."""

from __future__ import annotations

from pathlib import Path

from tengjia.reports import curves
from tengjia.runs import RunFolder


def test_curves_of_a_run(tmp_path: Path) -> None:
    run = RunFolder.create(tmp_path, seed=1, app="demo_app", task="任务", name="r")
    assert curves.write(run) == []
    for step in range(1, 1201):
        values = {"loss": 1 / step, "learning_rate": 1e-3, "nothing": float("nan")}
        run.log_metrics(step, values, part="train", epoch=step // 400)
    run.log_metrics(600, {"loss": 0.5, "entity_f1": 0.5, "entity_f1/NAME": 0.4}, part="development", epoch=1)
    run.log_metrics(1200, {"loss": 0.4, "entity_f1": 0.75, "entity_f1/NAME": 0.9}, part="development", epoch=2)
    picture, page = curves.write(run)
    assert picture.read_bytes().startswith(b"\x89PNG")
    text = page.read_text("utf-8")
    assert "entity_f1: highest 0.7500 at step 1200" in text
    assert "demo_app · 任务 · r" in text
    assert "NAME" not in text
    assert sorted(path.name for path in run.reports.iterdir()) == ["curves.html", "curves.png"]


def test_panels_are_thinned_by_means_and_sorted() -> None:
    points = [{"step": step, "part": "train", "loss": float(step % 2)} for step in range(4000)]
    points.append({"step": 5, "part": "development", "entity_f1": 0.5, "ok": True, "loss": 1.0})
    panels = curves.panels_of(points)
    assert list(panels) == ["loss", "score"]
    assert list(panels["loss"]) == ["development loss", "train loss"]
    assert len(panels["loss"]["train loss"]) == 400
    assert {value for _, value in panels["loss"]["train loss"]} == {0.5}


def test_less_of_an_error_is_better(tmp_path: Path) -> None:
    run = RunFolder.create(tmp_path, seed=1, app="demo_app", task="grades", name="r")
    for step, error in ((10, 2.5), (20, 1.25), (30, 1.5)):
        run.log_metrics(step, {"rmse": error, "pearson": 1 - error / 10}, part="development", epoch=step)
    text = curves.write(run, falling=["rmse", "mae"])[1].read_text("utf-8")
    assert "rmse: lowest 1.2500 at step 20" in text and "pearson: highest 0.8750 at step 20" in text
    assert list(curves.panels_of(list(run.metrics()), falling=["rmse"])) == ["score", "rmse"]
