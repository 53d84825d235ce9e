"""Build > Providers: which a developer's end users can connect, through which app, and what each delivers."""
