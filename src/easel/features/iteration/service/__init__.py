"""What is made from pictures, and what is known of where they came from."""
