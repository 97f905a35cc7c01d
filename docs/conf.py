# Copyright (c) 2026 inference.gateway contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How Sphinx makes a site of what antsibull-docs writes: `make docs` runs both."""

import re

project = "inference.gateway"
author = "inference.gateway contributors"
copyright = f"2026, {author}"

extensions = ["sphinx_antsibull_ext"]
# A reference that leads nowhere is a warning, and `make docs` makes an error of each. These lead to the documentation
# of Ansible and of other collections, whose inventories of names would have to be fetched.
nitpicky = True
nitpick_ignore_regex = [
    ("std:ref", r"ansible_configuration_settings|common_return_values"),
    ("std:ref", r"ansible_collections\.(?!inference\.gateway\.).*"),
]

default_role = "any"
highlight_language = "YAML+Jinja"
pygments_style = "ansible"
pygments_dark_style = "native"
antsibull_ext_color_scheme = "default-autodark"

html_theme = "furo"
html_title = project
html_static_path = ["static"]
html_css_files = ["site.css"]
html_copy_source = False
html_show_sphinx = False


def setup(app):
    # Furo shows the headings of a page beside it, and refuses the list of them that antsibull-docs puts into the page.
    app.connect("source-read", without_contents)


def without_contents(app, document, source):
    source[0] = re.sub(r"^\.\. contents::\n(   :.*\n)*", "", source[0], flags=re.MULTILINE)
