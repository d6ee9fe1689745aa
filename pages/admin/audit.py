"""บันทึกการใช้งาน: who did what and when, whether the record is whole, and the record as a file."""

from ita.ui import audit_views as views
from ita.ui.components.frame import guard
from ita.web.page_list import AUDIT

guard(AUDIT)
found = views.pick_entries()
views.show_entry_table(found)
views.show_downloads(found)
views.show_integrity_check()
