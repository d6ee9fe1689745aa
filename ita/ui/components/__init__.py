"""What the pages share: the frame around them, pickers, tables, charts, forms and cached queries."""
