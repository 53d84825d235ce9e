"""`/openapi.json`: what FastAPI reads from the routes, completed by what it cannot know."""
