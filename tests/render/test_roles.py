"""Roles of tables that are laid out in another way."""

from __future__ import annotations

from reportgen.render.roles import with_roles

ROW = '<tr id="a"><th scope="row" class="x">A</th><td class="n">1</td><td></td></tr>'
TABLE = (
    '<table class="rg-table {}" id="t"><caption>C</caption><thead><tr><th scope="col">H</th></tr>'
    f"</thead><tbody>{ROW}</tbody></table>"
)


def test_each_part_of_a_table_of_cards_says_what_it_is() -> None:
    """Attributes that were there stay where they were, heads of columns and rows differ."""
    assert with_roles(TABLE.format("rg-cards")) == (
        '<table role="table" class="rg-table rg-cards" id="t"><caption>C</caption>'
        '<thead role="rowgroup"><tr role="row"><th role="columnheader" scope="col">H</th></tr>'
        '</thead><tbody role="rowgroup"><tr id="a" role="row">'
        '<th role="rowheader" scope="row" class="x">A</th>'
        '<td role="cell" class="n">1</td><td role="cell"></td></tr></tbody></table>'
    )


def test_other_tables_need_no_words() -> None:
    """A table that stays a table says so by itself."""
    plain, stack = TABLE.format("rg-compact"), TABLE.format("rg-stack")
    assert with_roles(f"<p>{plain}</p>") == f"<p>{plain}</p>"
    assert with_roles(plain + stack) == plain + with_roles(stack)
