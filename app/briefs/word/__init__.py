"""The Word edition: the same content as the PDF, in styles named after the official form; offices finish in Word."""

from app.briefs.word.document import write_word

__all__ = ["write_word"]
