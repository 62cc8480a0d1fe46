"""Figures: from requests to SVG and PNG files named by their content.

`plan_figure` says how a figure will be called and how large it will be; pages need no more.
`draw_figures` draws those that are not there yet. Only this loads matplotlib, and only then.
"""

from reportgen.figures.files import draw_figures, prune_figures
from reportgen.figures.names import figure_name
from reportgen.figures.plan import plan_figure

__all__ = ["draw_figures", "figure_name", "plan_figure", "prune_figures"]
