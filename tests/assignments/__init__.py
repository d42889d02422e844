"""Three submissions for each assignment: what somebody wrote into its cells, by the cells' names."""
