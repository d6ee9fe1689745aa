"""บัญชีผู้ใช้: who may sign in, as what, and of which agency."""

from ita.ui import account_views as views
from ita.ui.components.frame import guard
from ita.web.page_list import ACCOUNTS

guard(ACCOUNTS)
listed = views.load_accounts()
views.show_headline(listed)
views.show_last_result()
views.show_account_table(listed)
views.edit_account(listed)
views.add_account_form(listed)
