"""Accounts: people, how they sign in, and what lets them stay signed in."""
