"""Stage `apply`: see how well a job post and a résumé fit, or rank the résumés of a file."""

from tengjia.base_tasks import text_matching
from tengjia.config import Settings
from tengjia.runs import RunFolder


def apply(config: Settings, run: RunFolder) -> dict[str, float]:
    """Score pairs at a prompt, once, or in a file; or rank candidates."""
    return text_matching.apply(config, run)
