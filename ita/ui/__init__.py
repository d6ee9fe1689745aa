"""What the screens share: the frame, cached reads, pickers, tables, guards. Streamlit starts here."""
