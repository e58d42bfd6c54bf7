"""Pages: one module a feature, its forms and then its views. HTTP and nothing else."""
