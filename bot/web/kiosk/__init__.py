"""The kiosk in a branch."""
