"""The citizen's door: looking up a dossier by code and secret, bringing what is missing."""
