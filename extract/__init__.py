"""Published documents in, raw tables out. Knows geometry and text, no finance."""
