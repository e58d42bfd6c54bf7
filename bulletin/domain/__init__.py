"""What is true of networks, sites and their members. Never sees a request; never commits."""
