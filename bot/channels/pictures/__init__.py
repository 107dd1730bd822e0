"""Reading screenshots: words and QR codes, in a process of its own. Needs the group `ocr` of the requirements."""
