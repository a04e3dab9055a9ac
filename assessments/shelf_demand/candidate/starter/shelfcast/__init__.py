"""Forecast what customers will want of each product in each store."""
