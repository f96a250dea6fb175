"""The catalogue: courses, their sections and contents, and the stored files behind them."""
