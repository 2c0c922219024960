package com.example.shop;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;

/** {@code POST /orders?order=42}. */
final class OrderServlet extends HttpServlet {

  private static final long serialVersionUID = 1L;

  private final transient OrderService orders;

  OrderServlet(OrderService orders) {
    this.orders = orders;
  }

  @Override
  protected void doPost(HttpServletRequest request, HttpServletResponse response) {
    try {
      orders.place(request.getParameter("order"));
      response.setStatus(201);
    } catch (IllegalArgumentException e) {
      response.setStatus(409);
    }
  }
}
