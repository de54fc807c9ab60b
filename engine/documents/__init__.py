"""Documents of dossiers: files kept under the hash of their content, examined before they count."""
