"""The demo practice: invented people and their stories, built through the same actions as the screens."""
