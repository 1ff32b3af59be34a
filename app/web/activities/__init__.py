"""Activities, the tasks that follow from them, and the limits of stages."""
