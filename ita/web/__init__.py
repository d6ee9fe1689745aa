"""The server around the pages: who reaches it, what it answers with, and the routes of its own."""
