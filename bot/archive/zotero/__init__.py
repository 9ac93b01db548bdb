"""A channel's archive in a Zotero group's collection: papers, takes as notes, tags; one way."""
