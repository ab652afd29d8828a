"""The parts that pages are made of, apart from what they do."""
