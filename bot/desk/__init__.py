"""The publicity desk's services: what one case becomes, what a release would change, what goes in and out."""
