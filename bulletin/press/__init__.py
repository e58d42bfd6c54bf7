"""From words to paper: manuscript -> HTML -> PDF. Imports nothing else of ours."""
