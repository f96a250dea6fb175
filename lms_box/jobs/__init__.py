"""What is done later: the table of jobs, the leases on them, and the consumer that works them off."""
