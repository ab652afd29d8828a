"""The rooms of Savoir, one module a tab."""
