"""Who may read what: words, the keys they unlock, the fields those keys open, and the walls between sites."""
