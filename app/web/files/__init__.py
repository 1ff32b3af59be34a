"""Files of records: the shelf that pages show, uploads, downloads, previews."""
