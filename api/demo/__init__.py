"""A living office: months of work played through the real engine with an injected clock."""
