"""The sample practice: believable, plainly fictional records to try the program with and to measure it on."""
