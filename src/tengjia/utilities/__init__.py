"""Small tools without knowledge of NLP."""
