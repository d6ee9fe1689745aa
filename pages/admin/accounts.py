"""บัญชีผู้ใช้: who may sign in, as what, and of which agency."""

from ita.ui import account_views as views
from ita.ui.frame import guard
from ita.ui.pages import ACCOUNTS

guard(ACCOUNTS)
listed = views.listed_accounts()
views.lead(listed)
views.told_before()
views.account_table(listed)
views.change_account(listed)
views.new_account(listed)
